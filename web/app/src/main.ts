import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import './account.css';
import { spoken } from './lib/language.svelte';
import './lib/mailed.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no place for the application');
document.documentElement.lang = spoken.language;
mount(App, { target });
