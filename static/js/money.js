// Sums as the server writes them (movy/lib/money.py): in the page's language, with decimals only where there are any.

export function moneyWriter(pattern) {
  const language = document.documentElement.lang;
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return (minor) => pattern.replace("{amount}", () => (minor % 100 ? exact : whole).format(minor / 100));
}
