"""Addresses of what people say to each other, what they follow, and what is new to them."""

from __future__ import annotations

from django.urls import path

from initiatives.urls_plans import ITEM
from initiatives.views import comments, follows, inbox

COMMENTS = "kommentarer/"
INITIATIVE = "initiativer/<slug:slug>/"

urlpatterns = [
    path(ITEM + COMMENTS, comments.of_item, name="item_comments"),
    path(ITEM + COMMENTS + "<int:pk>/traek-tilbage/", comments.withdraw_from_item, name="item_comment_withdraw"),
    path(INITIATIVE + COMMENTS, comments.of_initiative, name="initiative_comments"),
    path(
        INITIATIVE + COMMENTS + "<int:pk>/traek-tilbage/",
        comments.withdraw_from_initiative,
        name="initiative_comment_withdraw",
    ),
    path("foelg/maal/<slug:slug>/", follows.show, {"kind": "goal"}, name="follow_goal"),
    path("foelg/omraade/<slug:code>/", follows.show, {"kind": "area"}, name="follow_area"),
    path("foelg/plan/<slug:slug>/", follows.show, {"kind": "plan"}, name="follow_plan"),
    path("foelg/punkt/<slug:plan__slug>/<int:number>/", follows.show, {"kind": "item"}, name="follow_item"),
    path("foelg/initiativ/<slug:slug>/", follows.show, {"kind": "initiative"}, name="follow_initiative"),
    path("mine/nyt/", inbox.news, name="mine_news"),
    path("mine/nyt/set/", inbox.news_seen, name="news_seen"),
    path("mine/omtaler/set/", inbox.mentions_seen, name="mentions_seen"),
    path("mine/omtaler/<int:pk>/", inbox.mention_open, name="mention_open"),
    path("mine/mails/", inbox.mail_rhythm, name="mail_rhythm"),
]
