// What is said of links to files and folders, and of uploads that were interrupted.
import { spoken } from '../lib/language.svelte';

const en = {
  links: {
    title: 'Links',
    text: 'Whoever has a link opens what it leads to, without an account, until its last day. We keep no copy of it: it can be revoked here, and not shown again.',
    none: 'Nothing is shared by a link.',
    noneText: 'Choose a file or folder among your files, and share it.',
    share: 'Share',
    shareTitle: (name: string) => `Share “${name}”`,
    shareText: 'Read only, for whoever has the link, wherever this is moved.',
    ends: 'It ends after',
    days: (days: number) => (days === 1 ? '1 day' : days === 365 ? 'a year' : `${days} days`),
    password: 'Password, if you want one',
    passwordHint: 'At least 8 characters. Give it in another way than the link.',
    shortPassword: 'A password has 8 characters or more.',
    make: 'Make a link',
    made: 'Your link',
    madeText: (day: string) => `It leads there until ${day}. It is shown this once.`,
    link: 'Link',
    copy: 'Copy the link',
    copied: 'Copied.',
    notCopied: 'The browser did not let us copy it. Mark it, and copy it yourself.',
    there: 'Links to it',
    all: 'All links',
    until: (day: string) => `until ${day}`,
    made_: (day: string) => `made ${day}`,
    locked: 'with a password',
    in: (folder: string) => `in ${folder}`,
    moved: (path: string) => `moved since, was ${path}`,
    nowhere: 'leads nowhere: it is in the trash, or gone',
    revoke: 'Revoke',
    revokeTitle: 'Revoke this link?',
    revokeText: (name: string) => `The link to “${name}” leads nowhere from then on.`,
    revoked: 'The link is revoked.',
  },
  interrupted: {
    title: (count: number) =>
      count === 1 ? '1 upload was interrupted' : `${count} uploads were interrupted`,
    text: 'Choose the same file again: it goes on where it had come.',
    textMany: 'Choose the same files again: they go on where they had come.',
    choose: 'Choose',
    of: (sent: string, all: string) => `${sent} of ${all} has come`,
    discard: 'Discard',
    discardOne: (name: string) => `Discard ${name}`,
    discardTitle: (count: number, name: string) =>
      count === 1 ? `Discard “${name}”?` : `Discard ${count} uploads?`,
    discardText: 'What has come of it is deleted.',
    discarded: 'Discarded.',
    goesOn: (name: string) => `“${name}” goes on.`,
    other: {
      name: (name: string) => `“${name}” is none of the files that were interrupted.`,
      size: (name: string) => `“${name}” has another size than the file that was interrupted.`,
      modified: (name: string) =>
        `“${name}” was changed since. Discard the upload, and begin again.`,
    },
  },
};
type Words = typeof en;

const nb: Words = {
  links: {
    title: 'Lenker',
    text: 'Den som har en lenke, åpner det den fører til, uten konto, til den går ut. Vi har ingen kopi av den: Her kan den trekkes tilbake, men ikke vises igjen.',
    none: 'Ingenting er delt med lenke.',
    noneText: 'Velg en fil eller mappe blant filene dine, og del den.',
    share: 'Del',
    shareTitle: (name) => `Del «${name}»`,
    shareText: 'Bare til å lese, for den som har lenken, hvor dette enn flyttes.',
    ends: 'Går ut etter',
    days: (days) => (days === 1 ? '1 dag' : days === 365 ? 'ett år' : `${days} dager`),
    password: 'Passord, om du vil ha et',
    passwordHint: 'Minst 8 tegn. Gi det på en annen måte enn lenken.',
    shortPassword: 'Et passord har 8 tegn eller mer.',
    make: 'Lag lenke',
    made: 'Lenken din',
    madeText: (day) => `Den virker til ${day}. Den vises bare denne ene gangen.`,
    link: 'Lenke',
    copy: 'Kopier lenken',
    copied: 'Kopiert.',
    notCopied: 'Nettleseren lot oss ikke kopiere. Merk den, og kopier den selv.',
    there: 'Lenker hit',
    all: 'Alle lenker',
    until: (day) => `til ${day}`,
    made_: (day) => `laget ${day}`,
    locked: 'med passord',
    in: (folder) => `i ${folder}`,
    moved: (path) => `flyttet siden, var ${path}`,
    nowhere: 'fører ingen steder: det ligger i papirkurven, eller er borte',
    revoke: 'Trekk tilbake',
    revokeTitle: 'Trekke lenken tilbake?',
    revokeText: (name) => `Lenken til «${name}» fører ingen steder etter det.`,
    revoked: 'Lenken er trukket tilbake.',
  },
  interrupted: {
    title: (count) =>
      count === 1 ? '1 opplasting ble avbrutt' : `${count} opplastinger ble avbrutt`,
    text: 'Velg den samme filen igjen, så går den videre der den var kommet.',
    textMany: 'Velg de samme filene igjen, så går de videre der de var kommet.',
    choose: 'Velg',
    of: (sent, all) => `${sent} av ${all} er kommet`,
    discard: 'Forkast',
    discardOne: (name) => `Forkast ${name}`,
    discardTitle: (count, name) =>
      count === 1 ? `Forkaste «${name}»?` : `Forkaste ${count} opplastinger?`,
    discardText: 'Det som er kommet, blir slettet.',
    discarded: 'Forkastet.',
    goesOn: (name) => `«${name}» går videre.`,
    other: {
      name: (name) => `«${name}» er ingen av filene som ble avbrutt.`,
      size: (name) => `«${name}» har en annen størrelse enn filen som ble avbrutt.`,
      modified: (name) => `«${name}» er endret siden. Forkast opplastingen, og begynn på nytt.`,
    },
  },
};

/** In the language that is spoken now. */
export const sharing = (): Words => (spoken.language === 'nb' ? nb : en);
