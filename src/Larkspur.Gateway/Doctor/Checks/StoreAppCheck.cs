using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>
/// A store app (<c>FEISHU_APP_KIND</c>=<c>Store</c>) gets events and can do nothing: the gateway keeps no <c>app_ticket</c> for the SDK
/// and names no tenant in its calls. The check says so, and what can be known besides: whether the platform's hourly ticket comes, and
/// which tenants' events do.
/// </summary>
internal sealed class StoreAppCheck(IDatabase database, Installation gateway, TimeProvider clock) : IDoctorCheck
{
    private const string Ticket = "app_ticket";

    /// <summary>The platform pushes a ticket each hour.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromHours(2);

    public string Id => "store_app";

    public LocalText Title => StoreAppCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Configured is not { } app) return Examination.NoApp;
        if (app.Client.Options.Kind != FeishuAppKind.Store) return CheckResult.Skipped(StoreAppCheckTexts.SelfBuilt);
        var traffic = await database.ReadAsync(sql => RecentTraffic.ReadAsync(sql, PlatformNames.Feishu, app.Name, Ticket), cancellation);
        var ticket = traffic.LastOfType is not { } last ? StoreAppCheckTexts.NoTicketYet
            : clock.GetUtcNow() - last > Lately ? StoreAppCheckTexts.NoTicketSince(Shown(last))
                : StoreAppCheckTexts.TicketCame(Shown(last));
        var tenants = traffic.Tenants.Count == 0 ? StoreAppCheckTexts.NoTenant
            : StoreAppCheckTexts.Tenants(LocalText.List(traffic.Tenants));
        return CheckResult.Failed(StoreAppCheckTexts.CannotCall + ticket + tenants, StoreAppCheckTexts.UseSelfBuiltApp,
            new() { ["ticket_at"] = traffic.LastOfType, ["tenants"] = CheckResult.List(traffic.Tenants) });
    }

    private string Shown(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, gateway.TimeZone).ToString("yyyy-MM-dd HH:mm:ss zzz",
        CultureInfo.InvariantCulture);
}
