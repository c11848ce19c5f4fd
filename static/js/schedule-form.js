// Fields that matter for one choice only are shown for that choice.

const form = document.querySelector(".schedule-form");

const depends = (name, value, field) => {
  const choice = form?.elements[name];
  const part = form?.elements[field]?.closest(".office-field");
  if (!choice || !part) return;
  const show = () => {
    part.hidden = choice.value !== value;
  };
  choice.addEventListener("change", show);
  show();
};

depends("price", "own", "amount");
depends("opening", "at", "opens_on");
