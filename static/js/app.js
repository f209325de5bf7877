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
  // Naming a colleague in a comment: after an @ those who fit are listed under the field, read from the list that is there
  // for everybody. Arrows choose, Enter or Tab writes the name, Escape closes. The list below the field needs none of this.
  var MOST_NAMES = 6;

  function nameBegun(field) {
    var found = /(?:^|[\s(>])@([^@\n]{0,60})$/.exec(field.value.slice(0, field.selectionStart));
    return found ? found[1] : null;
  }

  function namesList(field) { return document.getElementById(field.getAttribute("aria-controls")); }

  function closeNames(field) {
    var list = namesList(field);
    if (!list || list.hidden) { return; }
    list.hidden = true;
    list.replaceChildren();
    field.removeAttribute("aria-activedescendant");
  }

  function markName(field, option) {
    Array.prototype.forEach.call(namesList(field).children, function (one) {
      one.setAttribute("aria-selected", one === option ? "true" : "false");
    });
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function showNames(field) {
    var begun = nameBegun(field), list = namesList(field);
    if (!list) { return; }
    var says = list.parentElement.querySelector("[role=status]");
    closeNames(field);
    if (begun === null) { says.textContent = ""; return; }
    var wanted = begun.toLocaleLowerCase("da");
    var options = document.getElementById(field.dataset.mentions).options;
    Array.prototype.forEach.call(options, function (option) {
      var name = option.text.toLocaleLowerCase("da");
      var fits = option.value && (name.indexOf(wanted) === 0 || name.indexOf(" " + wanted) !== -1);
      if (!fits || name === wanted || list.children.length >= MOST_NAMES) { return; }
      var item = document.createElement("li");
      item.id = list.id + "-" + option.value;
      item.setAttribute("role", "option");
      item.textContent = option.text;
      list.appendChild(item);
    });
    if (!list.children.length) { says.textContent = ""; return; }
    list.hidden = false;
    markName(field, list.firstElementChild);
    says.textContent = says.dataset.found + " " + list.children.length;
  }

  function writeName(field, option) {
    var at = field.selectionStart, start = at - nameBegun(field).length;
    field.setRangeText(option.textContent + " ", start, at, "end");
    closeNames(field);
    field.focus();
  }

  document.addEventListener("input", function (event) {
    if (event.target.dataset && event.target.dataset.mentions) { showNames(event.target); }
  });
  document.addEventListener("focusout", function (event) {
    if (event.target.dataset && event.target.dataset.mentions) { closeNames(event.target); }
  });
  document.addEventListener("mousedown", function (event) {
    var option = event.target.closest && event.target.closest("[data-names-of] [role=option]");
    if (!option) { return; }
    event.preventDefault();
    writeName(document.getElementById(option.closest("[data-names-of]").dataset.namesOf), option);
  });
  document.addEventListener("keydown", function (event) {
    var field = event.target;
    if (!field.dataset || !field.dataset.mentions) { return; }
    var list = namesList(field);
    if (!list || list.hidden) { return; }
    var now = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      var down = event.key === "ArrowDown";
      var next = down ? now.nextElementSibling : now.previousElementSibling;
      markName(field, next || (down ? list.firstElementChild : list.lastElementChild));
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      writeName(field, now);
    } else if (event.key === "Escape") {
      event.preventDefault();
      closeNames(field);
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
