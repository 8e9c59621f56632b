/* The grid of targets by keyboard: arrows and Enter move along the column, sums follow, Ctrl+S saves.
   Without this file the same fields and the same button do the work; the server counts again. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-targets]");
  if (!form) return;
  var isSent = false;

  function column(key) {
    return Array.prototype.slice.call(form.querySelectorAll('input[data-cell="' + key + '"]'));
  }
  function move(input, step) {
    var inputs = column(input.dataset.cell);
    var next = inputs[inputs.indexOf(input) + step];
    if (next) { next.focus(); next.select(); }
  }
  function sum(key) {
    var shown = form.querySelector('[data-total="' + key + '"]');
    if (!shown) return;
    shown.textContent = column(key).reduce(function (total, input) {
      return total + (/^\d{1,4}$/.test(input.value.trim()) ? Number(input.value) : 0);
    }, 0);
  }
  function isDirty(input) { return input.value.trim() !== input.dataset.saved; }
  function mark(input) {
    var row = input.closest("tr");
    row.classList.toggle("sel", Array.prototype.some.call(row.querySelectorAll("input[data-cell]"), isDirty));
  }

  form.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    var input = event.target.closest("input[data-cell]");
    if (!input || event.ctrlKey || event.metaKey || event.altKey) return;
    var steps = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    move(input, steps[event.key]);
  });
  form.addEventListener("input", function (event) {
    var input = event.target.closest("input[data-cell]");
    if (!input) return;
    mark(input);
    sum(input.dataset.cell);
  });

  /* Work that is not saved is not lost by a slip. */
  form.addEventListener("submit", function () { isSent = true; });
  addEventListener("beforeunload", function (event) {
    var inputs = Array.prototype.slice.call(form.querySelectorAll("input[data-cell]"));
    if (inputs.some(isDirty) && !isSent) event.preventDefault();
  });
})();
