namespace Larkspur.Emulator.Platforms;

/// <summary>What a singleton of the emulator remembers of what happened. <c>POST /_emulator/reset</c> puts it back to the start.</summary>
/// <remarks>
/// To implement it is enough: <see cref="ResettableStates"/> finds every registered singleton that does. Connections and addresses of the
/// apps out there stay, since those did not move.
/// </remarks>
internal interface IResettableState
{
    void Reset();
}
