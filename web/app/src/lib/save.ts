// A file that the browser saves and no server has: what stands in it is here alone.
export function saveText(text: string, name: string, type: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // A browser that asks first where it shall be reads it only then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
