// After a sale: Enter prints, Enter again goes to the next customer; P and N do the same from anywhere on the page.

const print = document.getElementById("print");
const next = document.getElementById("next");

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  addEventListener("afterprint", () => next.focus());
}
(print ?? next).focus();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  if (event.key === "n" || event.key === "Escape") next.click();
  if (event.key === "p") print?.click();
});
