// Passkeys are offered where the browser has them; what goes wrong is said on the page and not in the console alone.
(function () {
  "use strict";

  if (window.PublicKeyCredential) {
    document.querySelectorAll("[data-passkeys]").forEach(function (part) { part.hidden = false; });
  }

  document.addEventListener("allauth.error", function (event) {
    var problem = document.getElementById("passkey_problem");
    if (!problem) { return; }
    event.preventDefault();
    problem.hidden = false;
    problem.scrollIntoView({ block: "nearest" });
  });

  // On the way down to the button: what goes wrong at once must not be hidden again by the press that caused it.
  document.addEventListener("click", function () {
    var problem = document.getElementById("passkey_problem");
    if (problem) { problem.hidden = true; }
  }, true);
})();
