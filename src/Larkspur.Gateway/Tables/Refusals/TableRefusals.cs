using Larkspur.Feishu;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Tables.Refusals;

/// <summary>What a refusal of the tables' API means to whoever called us.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Word">For programs.</param>
/// <param name="Text">What happened and what to do.</param>
internal sealed record TableRefusal(int Status, string Word, LocalText Text)
{
    /// <summary>Where the request names what is meant; null: no single place.</summary>
    public string? Pointer { get; init; }
}

/// <summary>Finds it. What is no matter of tables (scopes, credentials, limits of all APIs) is answered as everywhere.</summary>
internal static class TableRefusals
{
    private const string Room = "bitable.";

    /// <returns>Null: it is answered as everywhere.</returns>
    public static TableRefusal? Of(FeishuApiException e)
    {
        if (!e.Endpoint.StartsWith(Room, StringComparison.Ordinal) || e.MissingScopes.Count > 0) return null;
        return e.Code switch
        {
            1254003 or 1254040 => new(StatusCodes.Status404NotFound, "unknown_base", TablesTexts.NoSuchBase),
            1254004 or 1254041 => new(StatusCodes.Status404NotFound, "unknown_table", TablesTexts.NoSuchTable),
            1254006 or 1254043 => new(StatusCodes.Status404NotFound, "unknown_record", TablesTexts.NoSuchRecord),
            1254306 => new(StatusCodes.Status409Conflict, "base_archived", TablesTexts.BaseArchived),
            1254037 or 1255006 => new(StatusCodes.Status409Conflict, "conflict", TablesTexts.WrittenByOthers),
            _ => Of(TableFailures.Of(e)),
        };
    }

    private static TableRefusal? Of(TableFailure failure) => failure switch
    {
        TableFailure.Forbidden => new(StatusCodes.Status403Forbidden, "base_not_shared", TablesTexts.BaseNotShared),
        TableFailure.LimitReached => new(StatusCodes.Status409Conflict, "table_full", TablesTexts.TableFull),
        TableFailure.Conflict or TableFailure.NotReady => new(StatusCodes.Status409Conflict, "conflict", TablesTexts.WrittenByOthers),
        _ => null,
    };
}

/// <summary>The platform refused something of a table, and it is known what that means.</summary>
internal sealed class TableRefusedException(FeishuApiException cause, TableRefusal refusal) : Exception(cause.Message, cause)
{
    public FeishuApiException Cause { get; } = cause;

    public TableRefusal Refusal { get; } = refusal;
}
