using System.Collections.Immutable;

namespace Larkspur.Emulator.DingTalk.ApiPipeline;

/// <summary>What the organisation paid for: calls and deliveries of a calendar month.</summary>
/// <param name="Calls">Without tokens, sign-in and contacts.</param>
/// <param name="Deliveries">Robot messages, card callbacks and events, over either way.</param>
internal sealed record DingTalkEdition(string Name, int Calls, int Deliveries)
{
    /// <summary>Since 2025-11-19.</summary>
    public static readonly DingTalkEdition Standard = new("standard", 5_000, 3_000);
    public static readonly DingTalkEdition Professional = new("professional", 200_000, 50_000);
    public static readonly DingTalkEdition Unlimited = new("unlimited", int.MaxValue, int.MaxValue);

    public static DingTalkEdition? Named(string name) => new[] { Standard, Professional, Unlimited }.FirstOrDefault(e => e.Name == name);
}

/// <summary>How often: 20 a second of one app at one API, and the month. Virtual time; the rate factor of the settings holds for the second.</summary>
internal sealed class DingTalkLimits(RateWindows windows, VirtualClock clock, DingTalkSettings settings) : IResettableState
{
    public const int PerSecond = 20;

    private readonly Lock _gate = new();
    private (int Year, int Month) _month;

    public DingTalkEdition Edition { get; set; } = Initial(settings);

    public int Calls { get; private set; }

    public int Deliveries { get; private set; }

    /// <summary>People whose robot messages are held back, as <c>flowControlledStaffIdList</c> tells. The platform's own measure is not published.</summary>
    public ImmutableHashSet<string> FlowControlled { get; set; } = [];

    /// <exception cref="DingTalkRefusal">Too fast, or the month is used up.</exception>
    public void Pass(DingTalkRoute route)
    {
        if (windows.Take($"dingtalk/{settings.ClientId}/{route.Method} {route.Path}", PerSecond, 1) is not null)
        {
            throw new DingTalkRefusal(403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 90018, "您的服务器调用钉钉开放平台所有接口的请求都被暂时禁用了");
        }

        if (route.Free) return;
        lock (_gate)
        {
            Turn();
            if (Calls >= Edition.Calls) throw new DingTalkRefusal(403, "Forbidden.AccessDenied.ApiCountLimitForOrg", 90020, "本月接口调用次数已达上限");
            Calls++;
        }
    }

    /// <returns><see langword="false"/> when the month's deliveries are used up.</returns>
    public bool CountDelivery()
    {
        lock (_gate)
        {
            Turn();
            if (Deliveries >= Edition.Deliveries) return false;
            Deliveries++;
            return true;
        }
    }

    public void Use(int? calls, int? deliveries)
    {
        lock (_gate)
        {
            Turn();
            (Calls, Deliveries) = (calls ?? Calls, deliveries ?? Deliveries);
        }
    }

    public void Reset()
    {
        lock (_gate) (Calls, Deliveries, Edition, FlowControlled) = (0, 0, Initial(settings), []);
    }

    private static DingTalkEdition Initial(DingTalkSettings settings) =>
        DingTalkEdition.Named(settings.Edition) ?? throw new InvalidOperationException("LARKSPUR_EMULATOR_DINGTALK_EDITION must be standard, professional or unlimited.");

    private void Turn()
    {
        var now = clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8));
        if ((now.Year, now.Month) == _month) return;
        (_month, Calls, Deliveries) = ((now.Year, now.Month), 0, 0);
    }
}
