"""What can be reminded of, who is told, and what a day's mails would be. Reads only; `actions.reminder_queue` writes."""
