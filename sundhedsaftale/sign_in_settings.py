"""How one signs in: the settings of django-allauth that are the same everywhere. settings.py takes them all in."""

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/mine/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "sundhedsaftale.accounts.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a reset asked for by mistake writes to nobody
ACCOUNT_FORMS = {
    "login": "sundhedsaftale.forms.LoginForm",
    "reset_password": "sundhedsaftale.forms.ResetPasswordForm",
    "reset_password_from_key": "sundhedsaftale.forms.ResetPasswordKeyForm",
    "change_password": "sundhedsaftale.forms.ChangePasswordForm",
    "set_password": "sundhedsaftale.forms.SetPasswordForm",
    "reauthenticate": "sundhedsaftale.forms.ReauthenticateForm",
}
# No limit counts an address alone: behind one there may be a whole town hall. Guessing is counted by account and source,
# and by account over all of them (sundhedsaftale/accounts.py).
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/15m/key",
    "login_failed_everywhere": "100/h/key",
    "reset_password": "5/m/key",
    "reset_password_from_key": None,
}
MFA_ADAPTER = "sundhedsaftale.two_step.TwoStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # the step before and the one after: clocks differ
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are made by the secretariat; nobody can sign up with another's address
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}  # there is no secret to guess
MFA_FORMS = {
    "authenticate": "sundhedsaftale.forms_two_step.AuthenticateForm",
    "reauthenticate": "sundhedsaftale.forms_two_step.ReauthenticateForm",
    "activate_totp": "sundhedsaftale.forms_two_step.ActivateTOTPForm",
    "add_webauthn": "sundhedsaftale.forms_two_step.AddWebAuthnForm",
    "login_webauthn": "sundhedsaftale.forms_two_step.LoginWebAuthnForm",
    "authenticate_webauthn": "sundhedsaftale.forms_two_step.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "sundhedsaftale.forms_two_step.ReauthenticateWebAuthnForm",
    "edit_webauthn": "sundhedsaftale.forms_two_step.EditWebAuthnForm",
}

SOCIALACCOUNT_ADAPTER = "sundhedsaftale.oidc.adapter.WorkplaceAdapter"
SOCIALACCOUNT_FORMS = {"disconnect": "sundhedsaftale.forms_two_step.DisconnectForm"}
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address opens nothing
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8
