// The link in the mail carries the code behind the #, where servers do not see it. Put it into the
// form and take it out of the address, so that it stays neither there nor in the history. The
// person presses the button herself: a mail filter that opens links must not confirm an address.
(() => {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  const field = document.getElementById("token");
  if (!token || !field) return;
  history.replaceState(null, "", location.pathname);
  field.value = token;
  document.getElementById("code").hidden = true;
  document.getElementById("by-hand").hidden = true;
  document.getElementById("by-link").hidden = false;
  (document.getElementById("password") ?? document.getElementById("confirm")).focus();
})();
