using Larkspur.Feishu;
using Larkspur.Feishu.Api.Bitable.V1;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Tables.Bases;

/// <summary>From a base that is open to its tables. Every call waits for permits and counts like all calls of its app.</summary>
internal sealed class BaseAccess(PlatformCalls calls)
{
    /// <summary>A thousand rows take the platform its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The base, by its app as it is now. Take it for one piece of work: the app may be another one afterwards.</summary>
    /// <exception cref="RequestRefusedException">The app is not configured any more or switched off, or its month's calls are used
    /// up.</exception>
    public FeishuBase Open(BaseRow row) => Open(calls.App(row.App, null), row.AppToken);

    /// <summary>A base of an app, whether it is opened or not.</summary>
    /// <exception cref="RequestRefusedException">The month's calls of the app are used up.</exception>
    public FeishuBase Open(FeishuApp app, string appToken)
    {
        var call = calls.Call(app, Endpoints.AppTableRecordSearch);
        return app.Client.Tables(appToken, new TableOptions { Call = call with { Timeout = Patience } });
    }

    /// <summary>
    /// A base that is kept open for syncs: people by ids that are the company's own, and half a second between writes, as the platform
    /// advises for a base in which people work.
    /// </summary>
    public FeishuBase OpenForSync(FeishuApp app, string appToken) => app.Client.Tables(appToken, new TableOptions
    {
        Call = calls.Call(app, Endpoints.AppTableRecordSearch) with { Timeout = Patience }, UserIdType = "user_id", WriteSpacing = Spacing,
    });

    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(0.5);
}
