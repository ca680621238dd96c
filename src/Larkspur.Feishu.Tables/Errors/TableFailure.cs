namespace Larkspur.Feishu.Tables;

/// <summary>What a refusal of the tables' API means.</summary>
public enum TableFailure
{
    /// <summary>Nothing more is known than the code.</summary>
    Other,

    /// <summary>
    /// Too fast, or the base is being copied: nothing happened, later it works (1254290, 1254036, and the limits of all APIs).
    /// </summary>
    Busy,

    /// <summary>Somebody else writes the same table: nothing happened (1254291).</summary>
    Conflict,

    /// <summary>The table is not ready, often because the batch is large: nothing happened (1254607).</summary>
    NotReady,

    /// <summary>The platform's own trouble; it may pass (1254002, 1255001 to 1255005).</summary>
    Trouble,

    /// <summary>
    /// It may have been done, or is being done: a time-out at the platform, the same write again (1255040, 1254608), or a server's error
    /// without a code of the platform.
    /// </summary>
    OutcomeUnknown,

    /// <summary>The <c>client_token</c> was used for something else (1255006).</summary>
    TokenUsed,

    /// <summary>
    /// A value of a row is wrong for its field, or too large, or its field is not there (1254015, 1254045, 1254060 to 1254074, …).
    /// </summary>
    Cell,

    /// <summary>A record is not there (1254043, 1254006).</summary>
    RecordNotFound,

    /// <summary>Base, table, view or field is not there (1254040 to 1254044, 1254003 to 1254009).</summary>
    NotFound,

    /// <summary>This app, or this person, may not (1254301 to 1254306, 91403).</summary>
    Forbidden,

    /// <summary>A limit of the base, table or plan is reached (1254100 to 1254109).</summary>
    LimitReached,

    /// <summary>The answer is too large, or the scan's place is lost: smaller pages (1254030).</summary>
    PageTooLarge,
}

/// <summary>Judges refusals by their code; HTTP statuses differ from page to page for the same code.</summary>
public static class TableFailures
{
    /// <summary>What a refusal means. Source: error lists of the bitable-v1 record pages.</summary>
    public static TableFailure Of(FeishuApiException refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        return refused.Code switch
        {
            1254290 or 1254036 or 1254112 => TableFailure.Busy,
            1254291 => TableFailure.Conflict,
            1254607 => TableFailure.NotReady,
            1254002 or >= 1255001 and <= 1255005 => TableFailure.Trouble,
            1255040 or 1254608 => TableFailure.OutcomeUnknown,
            1255006 => TableFailure.TokenUsed,
            1254015 or 1254027 or 1254045 or >= 1254060 and <= 1254074 or 1254106 or 1254130 or 1254303 => TableFailure.Cell,
            1254043 or 1254006 => TableFailure.RecordNotFound,
            >= 1254040 and <= 1254044 or >= 1254003 and <= 1254009 => TableFailure.NotFound,
            >= 1254301 and <= 1254306 or 91403 => TableFailure.Forbidden,
            >= 1254100 and <= 1254109 => TableFailure.LimitReached,
            1254030 => TableFailure.PageTooLarge,
            _ => refused switch
            {
                { NothingHappened: true, IsTransient: true } => TableFailure.Busy,
                // A page of a proxy instead of an answer: the platform behind it may have done it all the same.
                { HttpStatus: 504 } or { Code: 0, HttpStatus: < 400 or >= 500 } => TableFailure.OutcomeUnknown,
                { IsTransient: true } => TableFailure.Trouble,
                { FailureKind: FailureKind.Permission } => TableFailure.Forbidden,
                _ => TableFailure.Other,
            },
        };
    }

    /// <summary>A name of a field, or its id, is none any more: it was renamed or deleted, or may not be seen.</summary>
    internal static bool IsOfFieldNames(FeishuApiException refused) => refused.Code is 1254044 or 1254045;

    /// <summary>The type of field that a conversion error is about; null: the code does not say.</summary>
    internal static bool IsAbout(int code, TableFieldType type) => code switch
    {
        1254060 or 1254130 => type == TableFieldType.Text,
        1254061 => type == TableFieldType.Number,
        1254062 => type == TableFieldType.SingleSelect,
        1254063 => type == TableFieldType.MultiSelect,
        1254064 => type == TableFieldType.DateTime,
        1254065 => type == TableFieldType.Checkbox,
        1254066 => type == TableFieldType.User,
        1254067 => type is TableFieldType.SingleLink or TableFieldType.DuplexLink,
        1254068 => type == TableFieldType.Url,
        1254069 or 1254027 or 1254106 or 1254303 => type == TableFieldType.Attachment,
        1254072 => type == TableFieldType.Phone,
        1254074 => type == TableFieldType.DuplexLink,
        _ => true,
    };
}
