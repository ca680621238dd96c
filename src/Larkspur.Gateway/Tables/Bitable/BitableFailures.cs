using Larkspur.Feishu;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>What goes wrong with a table, in the words of syncs.</summary>
internal static class BitableFailures
{
    public static bool IsKnown(Exception e) => e is PlatformApiException or PlatformNetworkException or RequestRefusedException
        or TableWriteException or TimeZoneNotFoundException
        or TableQueryException;

    /// <summary>The sync waits, or stops until somebody mends it.</summary>
    public static Exception Of(Exception e) => e switch
    {
        TableWriteException { InnerException: { } cause } => Of(cause),
        PlatformNetworkException => Away(Problems.Unreachable, e),
        RequestRefusedException { Status: StatusCodes.Status503ServiceUnavailable } => Away(Problems.Busy, e),
        RequestRefusedException => Stopped(Problems.NotFound, e),
        FeishuApiException { MissingScopes.Count: > 0 } => Stopped(Problems.NoPermission, e),
        FeishuApiException { Code: 1254003 or 1254004 or 1254040 or 1254041 or 1254306 } => Stopped(Problems.NotFound, e),
        FeishuApiException refused => TableFailures.Of(refused) switch
        {
            TableFailure.Forbidden => Stopped(Problems.NoPermission, e),
            TableFailure.Busy or TableFailure.Conflict or TableFailure.NotReady or TableFailure.Trouble or TableFailure.OutcomeUnknown =>
                Away(Problems.Busy, e),
            _ when refused.IsTransient => Away(Problems.Busy, e),
            _ => Stopped(Problems.Broken, e),
        },
        TableQueryException => Stopped(Problems.Broken, e),
        TimeZoneNotFoundException => Stopped(Problems.Broken, e),
        _ => Away(Problems.Unreachable, e),
    };

    private static SideAwayException Away(string reason, Exception e) =>
        new(reason, e.Message, e) { Side = SideName.Table, RetryAfter = (e as PlatformApiException)?.RetryAfter };

    private static SideStoppedException Stopped(string reason, Exception e) => new(reason, e.Message, e) { Side = SideName.Table };
}
