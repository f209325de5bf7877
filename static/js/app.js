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
})();
