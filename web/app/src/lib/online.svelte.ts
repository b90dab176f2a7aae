// Whether the browser has a network at all; whether the server answers is another matter.
class Network {
  online = $state(navigator.onLine);
}
export const network = new Network();
addEventListener('online', () => (network.online = true));
addEventListener('offline', () => (network.online = false));
