using System.Threading.Channels;

namespace Larkspur.Emulator.State;

public enum ChangeKind { MessageAdded, MessageChanged, MessageRead, ChatAdded, ChatChanged, PersonChanged, AppChanged, ApiCall, Push, Toast, ClockMoved, Reset, ApprovalChanged }

/// <summary>One step of the state's history, for pages that follow it live.</summary>
/// <param name="Version">Grows by one with every change of the state.</param>
/// <param name="PersonId">For <see cref="ChangeKind.MessageRead"/> and <see cref="ChangeKind.Toast"/>: whose screen it concerns.</param>
/// <param name="Shown">For <see cref="ChangeKind.Toast"/>: the end of a click that no page made.</param>
public sealed record StateChange(long Version, ChangeKind Kind, string? ChatId = null, string? MessageId = null, string? PersonId = null, ClickResult? Shown = null);

/// <summary>A running look at the change feed; dispose it to stop.</summary>
public sealed class StateWatch(ChannelReader<StateChange> changes, Action stop) : IDisposable
{
    public ChannelReader<StateChange> Changes { get; } = changes;

    public void Dispose() => stop();
}
