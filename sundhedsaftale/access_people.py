"""Who may do what, the part about people: bodies and roles, what is one's own, comments, reminders, signing in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sundhedsaftale.access_words import ALL, SECRETARIAT, SIGNED_IN, Deed, Thing, Who, names

OF_BODY = _("that body")
ALL_ROLES = (Who.SECRETARY, Who.CHAIR, Who.LEAD, Who.MEMBER, Who.DEPUTY)
OF_TALK = _("the body of the plan or the initiative, and those that carry the item")

PEOPLE: tuple[Thing, ...] = (
    Thing(
        _("Bodies and the people in them"),
        (
            Deed(_("Read what a body is, with its plans and meetings"), ALL, reads=names("body")),
            Deed(
                _("See who has which role in a body"),
                (*ALL_ROLES, Who.READER, Who.ADMINISTRATOR),
                of=OF_BODY,
                reads=names("body_people"),
            ),
            Deed(
                _("Give, date and end roles, register absence, and invite by mail"),
                SECRETARIAT,
                of=OF_BODY,
                reads=names("member_add member_dates member_end member_absence invitation_create"),
                writes=names(
                    "member_add member_dates member_end member_absence invitation_create invitation_again"
                    " invitation_withdraw"
                ),
            ),
            Deed(
                _("End an absence early"),
                (Who.ONESELF, Who.SECRETARY, Who.ADMINISTRATOR),
                of=_("the body the absence is about"),
                writes=names("absence_end"),
            ),
            Deed(
                _("See all accounts, close and reopen them, and give the roles of the whole site"),
                (Who.ADMINISTRATOR,),
                reads=names("people person person_data person_close"),
                writes=names("person_close person_reopen person_site_role"),
            ),
        ),
    ),
    Thing(
        _("Who changed what"),
        (
            Deed(
                _("See who changed what, and how it stood on a day"),
                SIGNED_IN,
                reads=names("plan_history item_history initiative_history meeting_history"),
            ),
            Deed(_("The same of a body and its roles"), SECRETARIAT, of=OF_BODY, reads=names("body_history")),
            Deed(
                _("Fetch everything about an item, for a request for access to documents"),
                SECRETARIAT,
                of=_("the body whose plan it is"),
                reads=names("item_package"),
            ),
        ),
    ),
    Thing(
        _("Comments between colleagues"),
        (
            Deed(
                _("Read comments"),
                (*ALL_ROLES, Who.READER, Who.COORDINATOR, Who.ADMINISTRATOR),
                of=OF_TALK,
                reads=names("item_comments initiative_comments"),
            ),
            Deed(
                _("Write a comment"),
                (*ALL_ROLES, Who.COORDINATOR, Who.ADMINISTRATOR),
                of=OF_TALK,
                writes=names("item_comments initiative_comments"),
            ),
            Deed(
                _("Withdraw one's own comment"),
                (Who.ONESELF,),
                writes=names("item_comment_withdraw initiative_comment_withdraw"),
            ),
        ),
    ),
    Thing(
        _("What is one's own"),
        (
            Deed(
                _("See one's own tasks, news, profile and everything held about oneself"),
                SIGNED_IN,
                reads=names("mine mine_news profile own_data calendar_page"),
                writes=names("profile news_seen mentions_seen calendar_make"),
            ),
            Deed(
                _("Follow goals, areas, plans, items and initiatives"),
                SIGNED_IN,
                reads=names("follow_goal follow_area follow_plan follow_item follow_initiative"),
                writes=names("follow_goal follow_area follow_plan follow_item follow_initiative"),
            ),
            Deed(
                _("Choose how often one gets mail, pause it, and register one's own absence"),
                SIGNED_IN,
                reads=names("reminder_pause mail_rhythm absence_create"),
                writes=names("reminder_pause mail_rhythm absence_create"),
            ),
            Deed(
                _("Open a mention, and replace or close one's own calendar address"),
                (Who.ONESELF,),
                hidden=True,
                sign_in_first=True,
                writes=names("mention_open calendar_replace calendar_revoke"),
            ),
            Deed(_("Fetch a calendar by its secret address"), (Who.LINK,), reads=names("calendar_feed")),
        ),
    ),
    Thing(
        _("Reminders"),
        (
            Deed(
                _("See which reminders were sent, and which would be sent on a day"),
                SECRETARIAT,
                of=_("a body"),
                reads=names("reminder_log reminder_preview"),
            ),
            Deed(
                _("Say when a body's secretary and chair are told"),
                SECRETARIAT,
                of=OF_BODY,
                sign_in_first=True,
                reads=names("reminder_rules"),
                writes=names("reminder_rules"),
            ),
            Deed(
                _("Send a mail again that may not have arrived"),
                SECRETARIAT,
                of=_("a body whose item it is about"),
                hidden=True,
                sign_in_first=True,
                writes=names("reminder_resend"),
            ),
            Deed(
                _("Answer for an item, and stop the mails, from a mail"),
                (Who.LINK,),
                reads=names("answer reminder_unsubscribe"),
                writes=names("answer answer_read reminder_unsubscribe"),
            ),
        ),
    ),
)

SIGNING_IN = Thing(
    _("Signing in"),
    (
        Deed(
            _("Sign in and out, choose a forgotten password anew, choose a language"),
            ALL,
            reads=names(
                "account_login account_logout account_inactive account_signup account_reset_password"
                " account_reset_password_done account_reset_password_from_key account_reset_password_from_key_done"
                " account_confirm_email account_email_verification_sent account_confirm_login_code"
            ),
            writes=names(
                "account_login account_logout account_signup account_reset_password account_reset_password_from_key"
                " account_confirm_email account_confirm_login_code set_language"
            ),
        ),
        Deed(
            _("Prove a second time who one is, with a code or a passkey, or come from one's workplace"),
            ALL,
            reads=names(
                "mfa_authenticate mfa_login_webauthn openid_connect_login openid_connect_callback"
                " socialaccount_login_cancelled"
            ),
            writes=names("mfa_authenticate mfa_login_webauthn openid_connect_login"),
        ),
        Deed(
            _("Open the link of an invitation, and accept it"),
            (Who.LINK,),
            reads=names("invitation_link"),
            writes=names("invitation_link invitation_sign_in invitation_accept"),
        ),
        Deed(_("Come back to an invitation after signing in"), ALL, reads=names("invitation_waiting")),
        Deed(
            _("Change one's own password and mail address"),
            SIGNED_IN,
            reads=names("account_email account_change_password account_set_password account_reauthenticate"),
            writes=names("account_email account_change_password account_set_password account_reauthenticate"),
        ),
        Deed(
            _("Choose how one signs in: codes, passkeys, workplace, other devices"),
            SIGNED_IN,
            reads=names(
                "mfa_index mfa_reauthenticate mfa_reauthenticate_webauthn mfa_activate_totp mfa_deactivate_totp"
                " mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes mfa_list_webauthn"
                " mfa_add_webauthn mfa_remove_webauthn mfa_edit_webauthn socialaccount_connections"
            ),
            writes=names(
                "account_end_other_sessions mfa_reauthenticate mfa_reauthenticate_webauthn mfa_activate_totp"
                " mfa_deactivate_totp mfa_generate_recovery_codes mfa_add_webauthn mfa_remove_webauthn mfa_edit_webauthn"
                " socialaccount_connections"
            ),
        ),
    ),
)
