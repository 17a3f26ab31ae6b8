// « Qui a observé ? » and « Structure qui a observé » go together: another kind of source proposes another organisation.
const source = document.querySelector('select[name="source"]');
const kinds = document.querySelectorAll('input[name="source_kind"]');

if (source) {
  const first = source.value;
  const options = [...source.options].filter((option) => option.value);
  const fits = (option, kind) => option && option.dataset.kinds.split(" ").includes(kind);
  const propose = (kind) => {
    if (source.value && fits(source.selectedOptions[0], kind)) return;
    const fitting = options.filter((option) => fits(option, kind));
    const own = fitting.find((option) => option.value === first);
    source.value = (own ?? (fitting.length === 1 ? fitting[0] : { value: "" })).value;
    source.dispatchEvent(new Event("change", { bubbles: true }));
  };
  for (const radio of kinds) radio.addEventListener("change", () => propose(radio.value));
}
