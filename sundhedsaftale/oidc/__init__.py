"""Signing in through one's workplace (OpenID Connect): what is configured, what is asked for, what is believed."""
