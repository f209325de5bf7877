// Small comforts only: every page works without this file.
(function () {
  "use strict";

  // A 4xx answer from a form is still the form, with its errors: htmx must show it, not drop it.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if ([403, 409, 422].indexOf(event.detail.xhr.status) !== -1) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // After a swap the error summary takes the focus, so a screen reader reads it first.
  document.addEventListener("htmx:afterSwap", function (event) {
    var summary = event.target.querySelector && event.target.querySelector(".sa-errsum, .sa-conflict");
    if (summary) { summary.focus(); }
  });

  // A grid of many rows: Ctrl+Enter saves it, Alt+U ticks "unchanged" in the row at hand and goes on to the next row.
  document.addEventListener("keydown", function (event) {
    var form = event.target.closest && event.target.closest("form[data-grid]");
    if (!form) { return; }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.code === "KeyU" && event.altKey && !event.ctrlKey && !event.metaKey) {
      var row = event.target.closest("li");
      var box = row && row.querySelector("[data-unchanged]");
      if (!box) { return; }
      event.preventDefault();
      box.checked = !box.checked;
      var next = row.nextElementSibling && row.nextElementSibling.querySelector("textarea");
      if (box.checked) { (next || form.querySelector("button[type=submit]")).focus(); }
    }
  });
  // A button that copies a text shows itself only where copying works; the text can be marked by hand everywhere.
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value).then(function () {
        button.parentElement.querySelector("[role=status]").textContent = button.dataset.copied;
      });
    });
  });
})();
