namespace Larkspur.Emulator.WeCom.CustomerService;

/// <summary>Who serves a customer at the moment; the numbers are the wire's.</summary>
internal enum KfState { New = 0, Bot = 1, Queue = 2, Human = 3, Ended = 4 }

/// <summary>A customer's conversation with the customer service. Changed under the lock of <see cref="KfAccount"/>.</summary>
internal sealed class KfSession
{
    /// <summary>After the customer's last message the API may send for so long.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(48);
    /// <summary>For each message of the customer.</summary>
    public const int MostAnswers = 5;

    public KfState State { get; set; }

    public string ServicerId { get; set; } = "";

    public DateTimeOffset? LastHeard { get; set; }

    public int Answers { get; set; }

    /// <summary>Where a session may go through the API. (The page's table is UNVERIFIED.)</summary>
    public static bool MayGo(KfState from, KfState to) => (from, to) switch
    {
        (KfState.New, not KfState.New) => true,
        (KfState.Bot, KfState.Queue or KfState.Human or KfState.Ended) => true,
        (KfState.Queue, KfState.Human or KfState.Ended) => true,
        (KfState.Human, KfState.Ended) => true,
        _ => false,
    };
}
