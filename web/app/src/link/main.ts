import { mount } from 'svelte';
import Link from './Link.svelte';
import '../app.css';
import '../account.css';
import './link.css';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no place for what is shared');
mount(Link, { target });
