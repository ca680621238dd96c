using Larkspur.Feishu.Events;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress;

/// <summary>Takes in what was verified to be from Feishu.</summary>
internal static class FeishuIntake
{
    /// <summary>Records it and, for a click, waits for its answer.</summary>
    /// <param name="intake">Records it.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="app">Name of the app that received it.</param>
    /// <param name="way">For traces: <c>webhook</c>, <c>long connection</c>.</param>
    /// <param name="started">When it began to arrive, by the clock's counter.</param>
    /// <param name="claimedTrace">The trace that the sender claims, if any.</param>
    public static ValueTask<Intake> TakeAsync(this EventIntake intake, FeishuDelivery delivery, string app, string way, long started, string? claimedTrace = null) =>
        intake.TakeAsync(now => FeishuInboundEvents.From(delivery, app, now), app, way, started, claimedTrace);
}
