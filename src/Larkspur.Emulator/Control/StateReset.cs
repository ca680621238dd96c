namespace Larkspur.Emulator.Control;

/// <summary>Back to the seeded company and real time. Callback addresses and connections stay: the apps out there did not move.</summary>
internal sealed class StateReset(EmulatorState state, EmulatorSettings settings, ResettableStates states)
{
    public void Run()
    {
        var apps = settings.Apps.Select(a => state.App(a.AppId) is { } present ? a with { CallbackUrl = present.CallbackUrl } : a).ToArray();
        states.Reset();
        // Last, since pages read everything again when they hear of it.
        state.Clear(s => SeededCompany.Fill(s, apps));
    }
}
