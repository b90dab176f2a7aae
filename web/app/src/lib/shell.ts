// What the page that carries the application says of the service: whose it is, and which terms and
// notice are in force. It comes from the notice, in attributes of the element we are mounted in.
const said = document.getElementById('app')?.dataset ?? {};

export const shell = {
  brand: said.brand ?? '',
  logoViewBox: said.logoViewBox ?? '0 0 24 24',
  logoPath: said.logoPath ?? '',
  terms: said.terms ?? '',
  notice: said.notice ?? '',
};
