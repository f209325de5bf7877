"""gunicorn reads this by itself where it is started, so no command can forget it: secret addresses stay out of its logs."""

logger_class = "sundhedsaftale.web_log.SecretsMasked"
