using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Queueing;

/// <summary>How events are handled. Section <c>Larkspur:Dispatch</c>.</summary>
public sealed class DispatchOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Dispatch";

    /// <summary>False: events are recorded and acknowledged, and handled by a later start. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Ordering keys (chats) handled at once. Default 64.</summary>
    public int Parallelism { get; set; } = 64;

    /// <summary>Events held in memory; more wait in the database. Default 10,000.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>Time a handler has. Default 30 s.</summary>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan[] DefaultPauses = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>Pauses between the attempts of a failing handler; after the last attempt the user is told. Empty: 0.2 s, 1 s, 5 s.</summary>
    /// <remarks>Empty and not filled with the default, because configuration adds to what stands in a list.</remarks>
    public TimeSpan[] RetryPauses { get; set; } = [];

    /// <summary>The pauses that count.</summary>
    internal IReadOnlyList<TimeSpan> Pauses => RetryPauses.Length > 0 ? RetryPauses : DefaultPauses;

    /// <summary>A recorded pause that is longer was written before the clock was set back.</summary>
    internal TimeSpan LongestPause => Pauses.Max();

    /// <summary>Pause before an event is tried again when the database was away. Default 1 s.</summary>
    public TimeSpan StoragePause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Age after which a message is not answered any more. Default 30 min; zero: never too old. A handler may have its own, see <see cref="EventRoute.StaleAfter"/>.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Time a click may take before its request is answered "in progress". Default 2.5 s: Feishu waits 3 s.</summary>
    public TimeSpan CallbackDeadline { get; set; } = TimeSpan.FromMilliseconds(2500);

    /// <summary>The same for a click on DingTalk, where it is less. Default 1.6 s: the platform waits 2 s, and a part of that the answer is on its way.</summary>
    public TimeSpan DingTalkCallbackDeadline { get; set; } = TimeSpan.FromMilliseconds(1600);

    /// <summary>What is wrong, with the settings' names.</summary>
    IEnumerable<string> ISectionOptions.Problems()
    {
        if (Parallelism < 1) yield return "Larkspur:Dispatch:Parallelism: at least 1. To handle nothing set Larkspur:Dispatch:Enabled to false";
        if (Capacity < 1) yield return "Larkspur:Dispatch:Capacity: at least 1";
        if (HandlerTimeout <= TimeSpan.Zero || HandlerTimeout > TimeSpan.FromDays(1)) yield return "Larkspur:Dispatch:HandlerTimeout: longer than 00:00:00, at most a day";
        if (StoragePause <= TimeSpan.Zero || StoragePause > TimeSpan.FromDays(1)) yield return "Larkspur:Dispatch:StoragePause: longer than 00:00:00, at most a day";
        if (RetryPauses.Any(p => p < TimeSpan.Zero || p > TimeSpan.FromDays(1))) yield return "Larkspur:Dispatch:RetryPauses: each from 00:00:00 to a day";
        if (StaleAfter < TimeSpan.Zero) yield return "Larkspur:Dispatch:StaleAfter: an age, or 00:00:00 to answer at any";
        if (CallbackDeadline < TimeSpan.Zero || CallbackDeadline > TimeSpan.FromDays(1)) yield return "Larkspur:Dispatch:CallbackDeadline: from 00:00:00 to a day";
        if (DingTalkCallbackDeadline < TimeSpan.Zero || DingTalkCallbackDeadline > TimeSpan.FromDays(1)) yield return "Larkspur:Dispatch:DingTalkCallbackDeadline: from 00:00:00 to a day";
    }
}
