using System.Collections.Frozen;

namespace Larkspur.Feishu;

/// <summary>What the SDK knows about an error code.</summary>
/// <param name="Kind">What it means for the caller.</param>
/// <param name="NothingHappened">The call was refused before it had an effect: repeating it is safe even for a write.</param>
internal readonly record struct CodeMeaning(FailureKind Kind, bool NothingHappened = false);

/// <summary>The one table of error codes. What is not in it is judged by HTTP status.</summary>
/// <remarks>Sources: the platform's "generic error codes" (api-call-guide/ugjM14COyUjL4ITN) and "rate limits" (api-call-guide/uUzN04SN3QjL1cDN) pages,
/// and the error lists of the APIs named beside the codes.</remarks>
internal static class FeishuErrorCodes
{
    /// <summary>The month's API quota of the tenant is used up.</summary>
    public const int QuotaExhausted = 99991403;

    /// <summary>The frequency limit of an API.</summary>
    public const int TooFrequent = 99991400;

    /// <summary>Store apps: the app_ticket is missing, wrong or too old.</summary>
    public const int AppTicketInvalid = 10012;

    /// <summary>
    /// Somebody's click on the card is being answered: said of its entity. Of its message the platform says it inside <c>230099</c>.
    /// </summary>
    public const int CardInUse = 200810;

    private static readonly FrozenDictionary<int, CodeMeaning> Meanings = Build(
        (new(FailureKind.RateLimited, NothingHappened: true),
        [
            TooFrequent, // any API
            230020, // messages: 5/s per receiver, or per message for a card update
            232019, // chat membership: one at a time per chat
            11232, 11233, 11247, // message service overloaded, custom bots too; peaks at full and half hours
            1254290, // Bitable: too fast
            1000004, 1000005, // calendar era: method / app limited
            230047, 230048, // pins: per message, per app
            90217, // sheets
        ]),
        (new(FailureKind.Conflict, NothingHappened: true),
        [
            1254291, // Bitable: write conflict, serialise writers per table
            96201, // permission edited concurrently
            60014, // approval locked
            CardInUse,
        ]),
        (new(FailureKind.Transient, NothingHappened: true), [1254607]), // Bitable: data not ready yet
        (new(FailureKind.Transient),
        [
            1500, 1503, 1551, 1557, 1642, 1663, 1665, 1668, 2200, 5000, 55001, // internal errors, often load
            1395001, // approval: "some errors", which no cause is named for
            231015, 232068, 232073, 232096, 300120, // reactions, chats, cards: being done already, or the service's own trouble
            230049, 18121, 1254608, // the same write, under the same uuid or client_token, is still being done
            20050, 20072, // OAuth: server error, temporarily unavailable
        ]),
        (new(FailureKind.Quota),
        [
            QuotaExhausted,
            90003087, 90003088, // the tenant's plan is at its limit
        ]),
        (new(FailureKind.Permission),
        [
            99991672, // the app lacks a scope
            99991679, // the user did not grant a scope
            99991676, // the token has no permission
            99991401, // IP not on the app's list
            99991662, 99991673, // app disabled / not available in the tenant
            11205, 11240, 230006, 232025, 234007, // bot ability is off
            11207, 11210, 20009, 20069, 232034, // app not installed or not enabled in the tenant
            10005, 10014, // app not authorised
            230013, 231022, 10228, 20010, 11225, // user outside the app's availability
            230029, 230053, // user resigned / muted the bot
            230002, 232011, 234004, // bot not in the chat
            230004, 230005, 230050, 230073, 230074, 231008, 231018, 234040, // invisible to the bot
            230009, 230026, 230012, 230071, 231002, 231007, 234008, 200310, 300311, // too late, or another's
            230018, 230023, 230024, 230027, 230035, 230038, 230046, 230070, 231203, 231204, 234009, 234038, // settings, quotas of people, scopes
            1390009, 1390014, 1390018, // approval: rights of the process, another tenant, a signature by hand
            232002, 232010, 232014, 232016, 232017, 232024, 232033, 232038, 232064, 232066, 232075, 200381, // chats and templates
        ]),
        (new(FailureKind.Authentication),
        [
            99991543, 10003, 10015, // app id or secret (10003: its parameters) on the token endpoints
            AppTicketInvalid, 10013, 10016, // store apps: ticket, tenant token, resend
            99991661, 99991663, 99991664, 99991665, 99991668, 99991669, 99991670, 99991671, 99991677, 99991681, 99991692,
            20002, 20003, 20004, 20005, 20013, 20014, 20020, 20024, 20026, 20037, 20064, 20065, 20073, 20074, // OAuth: secret, code, refresh token
        ]),
        (new(FailureKind.Invalid),
        [
            99991201, 99991301, // no such path / method
            99991674, 99991675,
            99992402, // field validation, see field_violations
            300020, 200320, 300090, 11311, 100000, 100030, // delayed card updates; the documentation names no HTTP status
            99992361, 99992364, 99992381, // open_id of another app, user/union id of another tenant
            99993201, 99993202, 99993203, // batch APIs
            9499, 10001, 20001, 20036, 20063, 20067, 20068, 20070, 20071, 19001, 19002, 19021, 19022, 19024, 19036,
        ]),
        (new(FailureKind.NotFound),
        [
            99992351, 99992352, 99992353, 99992354, // open_id, message_id ... do not exist
            99992360, 99992379, 99992380,
            230011, 230110, 230030, 231003, 231010, 231011, 200000, // message or reaction recalled, deleted, unknown
            230019, 230045, 231004, 232003, 232004, 232006, 232009, 234003, 234005, // thread, chat, announcement, app, file
            1390002, 1390003, 1390004, 1390010, 1390016, // approval: definition, instance, person, task
            200380, 200740, 200750, 300030, 300040, // card template, entity (gone after 14 days), update token (30 minutes, 2 uses)
        ]));

    /// <summary>Judges a failed answer.</summary>
    public static CodeMeaning Judge(int code, int httpStatus)
    {
        if (Meanings.TryGetValue(code, out CodeMeaning known)) return known;
        return httpStatus switch
        {
            429 => new(FailureKind.RateLimited, NothingHappened: true),
            >= 500 or 408 => new(FailureKind.Transient),
            400 => new(FailureKind.Invalid),
            401 => new(FailureKind.Authentication),
            403 => new(FailureKind.Permission),
            404 => new(FailureKind.NotFound),
            409 => new(FailureKind.Conflict),
            _ => new(FailureKind.Unknown),
        };
    }

    /// <summary>
    /// What a refusal was counted for. The domains' own limits do not use <see cref="TooFrequent"/>: those of a receiver (<c>230020</c>: 5/s per user,
    /// group or updated card), a chat, a table or a document are <see cref="RateLimitScope.Target"/>; a service that is overloaded closes the endpoint.
    /// </summary>
    public static RateLimitScope Scope(int code, int httpStatus) => code switch
    {
        TooFrequent or 11232 or 11233 or 11247 or 230048 or 1000004 or 1000005 => RateLimitScope.Endpoint,
        230020 or 230047 or CardInUse or 232019 or 1254290 or 1254291 or 1254607 or 90217 or 96201 or 60014 => RateLimitScope.Target,
        _ => httpStatus == 429 && Judge(code, httpStatus).Kind == FailureKind.RateLimited ? RateLimitScope.Endpoint : RateLimitScope.None,
    };

    /// <summary>The platform does not accept the app's own token any more: fetch another one, once.</summary>
    /// <remarks>99991663 also means "this API takes no tenant token", which the second refusal then says.</remarks>
    public static bool IsAppTokenRefused(int code) => code is 99991663 or 99991664 or 99991665 or 99991671 or 99991668 or 99991677;

    /// <summary>The platform does not accept the person's token: it is the caller's to renew.</summary>
    public static bool IsUserTokenRefused(int code) => code is 99991668 or 99991671 or 99991677 or 99991669 or 20005;

    private static FrozenDictionary<int, CodeMeaning> Build(params (CodeMeaning Meaning, int[] Codes)[] groups)
        => groups.SelectMany(g => g.Codes, (g, code) => KeyValuePair.Create(code, g.Meaning)).ToFrozenDictionary();
}
