"""Addresses of everything promised and done, with a file for each part. Those before plans have fixed words in them."""

from initiatives.urls_analysis import urlpatterns as analysis_patterns
from initiatives.urls_annexes import urlpatterns as annex_patterns
from initiatives.urls_answers import urlpatterns as answer_patterns
from initiatives.urls_calendars import urlpatterns as calendar_patterns
from initiatives.urls_changes import urlpatterns as change_patterns
from initiatives.urls_history import urlpatterns as history_patterns
from initiatives.urls_imports import urlpatterns as import_patterns
from initiatives.urls_meetings import urlpatterns as meeting_patterns
from initiatives.urls_people import urlpatterns as people_patterns
from initiatives.urls_plans import urlpatterns as plan_patterns
from initiatives.urls_reminders import urlpatterns as reminder_patterns
from initiatives.urls_snapshots import urlpatterns as snapshot_patterns
from initiatives.urls_talk import urlpatterns as talk_patterns
from initiatives.urls_targets import urlpatterns as target_patterns
from initiatives.urls_work import urlpatterns as work_patterns

urlpatterns = [
    *import_patterns,
    *meeting_patterns,
    *snapshot_patterns,
    *annex_patterns,
    *change_patterns,
    *analysis_patterns,
    *history_patterns,
    *people_patterns,
    *plan_patterns,
    *talk_patterns,
    *reminder_patterns,
    *work_patterns,
    *target_patterns,
    *answer_patterns,
    *calendar_patterns,
]
