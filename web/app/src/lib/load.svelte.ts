// Something that a screen shows and asks the service for: what there is, or why it is not there.
export class Load<T> {
  value = $state.raw<T>();
  wrong = $state.raw<unknown>();

  constructor(private readonly get: () => Promise<T>) {
    void this.again();
  }
  again = async () => {
    try {
      this.value = await this.get();
      this.wrong = undefined;
    } catch (wrong) {
      this.wrong = wrong;
    }
  };
}
