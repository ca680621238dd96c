using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>Makes apps whose calls wait for permits of the gateway's rate limiter and count in its ledger.</summary>
internal sealed class FeishuAppFactory(TimeProvider clock, IRateLimiter rateLimiter, QuotaRegistry quota, ILogger<FeishuClient> logger)
{
    /// <exception cref="ArgumentException">The options are not usable; the message lists every problem and no secret.</exception>
    public FeishuApp Create(string name, FeishuOptions options, EventMode mode)
    {
        var client = new FeishuClient(options, clock: clock, logger: logger, rateLimiter: rateLimiter, observer: quota);
        quota.Serve(options.AppId, name);
        return new FeishuApp(name, client, new FeishuEventReceiver(options, clock), mode);
    }
}
