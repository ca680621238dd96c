using System.Collections.Frozen;

namespace Larkspur.WeCom;

/// <summary>What the SDK knows about an error code.</summary>
/// <param name="Kind">What it means for the caller.</param>
/// <param name="NothingHappened">The call was refused before it had an effect: repeating it is safe even for a write.</param>
/// <param name="Wait">How long to wait where a time is documented.</param>
internal readonly record struct WeComCodeMeaning(FailureKind Kind, bool NothingHappened = false, TimeSpan? Wait = null);

/// <summary>The one table of error codes.</summary>
/// <remarks>
/// Source: the platform's page 90313 (crawled 2024-04-08), and for the AI bot page 101463. Its rule: only -1 is to be repeated at once, and what is limited after its time; everything
/// else has to be mended. -1 ("system busy") does not say whether anything happened, so a write is not repeated on it unless the platform recognises the repetition.
/// </remarks>
internal static class WeComErrorCodes
{
    public const int SystemBusy = -1;
    public const int TooFrequent = 45009;
    public const int TooManyAtOnce = 45033;

    /// <summary>What is blocked for exceeding the limit of a minute is blocked for one (the limit of an hour: for an hour; the code does not say which it was).</summary>
    private static readonly TimeSpan Blocked = TimeSpan.FromMinutes(1);

    private static readonly FrozenDictionary<int, WeComCodeMeaning> Meanings = Build(
        (new(FailureKind.Transient), [SystemBusy]),
        (new(FailureKind.RateLimited, NothingHappened: true, Blocked), [TooFrequent]),
        (new(FailureKind.RateLimited, NothingHappened: true), [TooManyAtOnce]),
        (new(FailureKind.Conflict, NothingHappened: true), [6000]),
        (new(FailureKind.Authentication, NothingHappened: true),
        [
            40001, 40013, 40091, // secret, corp id, secret of another corp
            40014, 42001, 41001, // token wrong, expired, missing
            40082, 40084, 40085, // suite credentials
        ]),
        (new(FailureKind.Permission, NothingHappened: true),
        [
            48002, 48009, // the API is not for this secret; no details for an address that was added late
            60020, // IP not on the app's list
            301002, // the token of one app for another agent
            43012, // cards that can be clicked need a callback address
            50001, // redirect domain
            301055, 301056, // approval: the app is not on the list
            40093, // JS-SDK signature
            60011, // outside of the app's visible range
            93004, // group robot disabled
            93008, // not in the group
            86003, 86224, // group chat: not there, or not the app's
        ]),
        (new(FailureKind.NotFound, NothingHappened: true),
        [
            40031, 40032, 60111, 46004, // users
            93000, 93006, // group robot removed or its key wrong; AI bot: no such chat
            40007, // media_id wrong or older than three days
            60003, 60123, 60136, 40068, // department, record, tag
        ]),
        (new(FailureKind.Invalid, NothingHappened: true),
        [
            81013, 82001, 82002, 82003, // recipients: all wrong, none, too many
            40008, 40033, 40035, 40039, 40058, 44004, 45002, 45007, 45008, 40206, // content
            42014, 42015, .. Enumerable.Range(42027, 25), // template cards: task id, another app's card, and 42027 to 42051 for their parts
            40004, 40005, 40006, 40009, 41006, 45001, 301019, // media
            40029, 42003, 42022, 84014, 60140, 42052, // codes and tickets: wrong, expired, used
            301025, // approval: the form
            40003, 40066, 40070, 40072, 60001, 60004, 60009, 60010, 60103, 60105, 60110, 60112, 60124, 60125, 60127, 60129, 60132, 81014, 301012, 301013, 301014, // address book: values
            60005, 60006, 60007, // a department with people, with departments below it, or the root is not deleted
            86006, 86215, 86216, // group chat: members, id taken
            95000, 95001, 95002, 95007, 95013, 95016, 95018, // customer service
            846605, 846608, // AI bot: request id, stream expired
        ]),
        (new(FailureKind.Conflict, NothingHappened: true),
        [
            95014, 95019, // customer service: nobody of that name receives now
            60102, 60104, 60106, 60008, 40071, // address book: userid, mobile, mail, department or tag of this name exists
        ]));

    /// <summary>Judges a failed answer.</summary>
    public static WeComCodeMeaning Judge(int code, int httpStatus)
    {
        if (code != 0 && Meanings.TryGetValue(code, out WeComCodeMeaning known)) return known;
        if (code != 0) return new(FailureKind.Unknown);
        return httpStatus switch
        {
            429 => new(FailureKind.RateLimited, NothingHappened: true),
            >= 500 or 408 => new(FailureKind.Transient),
            _ => new(FailureKind.Unknown),
        };
    }

    /// <summary>The platform counts per endpoint (and corp, app, key or conversation).</summary>
    public static RateLimitScope Scope(WeComCodeMeaning meaning) => meaning.Kind == FailureKind.RateLimited ? RateLimitScope.Endpoint : RateLimitScope.None;

    /// <summary>The platform does not accept the token any more: fetch another one, once. 40001 on a call means that the secret was reset.</summary>
    public static bool IsTokenRefused(int code) => code is 40014 or 42001 or 40001;

    /// <summary>The secret itself is wrong: never ask again by itself.</summary>
    public static bool IsSecretRefused(int code) => code is 40001 or 40013 or 40091;

    public static string? Advice(int code) => code switch
    {
        40001 => "The secret is wrong or was reset: copy it anew from the app's page in the admin console.",
        40013 => "The corp id is wrong: it stands under My Company in the admin console.",
        40091 => "The secret belongs to another company than the corp id.",
        48002 => "This secret may not call this API: use the one the page names (address-book sync, customer service, approval).",
        48009 => "The address-book secret reads no details from an address that was added late.",
        301025 => "A value does not have the shape of its control, or a parameter of the approval is wrong: read the form with TemplateAsync and make the ApprovalForm with it.",
        60102 or 60104 or 60106 => "Userid, mobile number and mail address are unique in the company; the case of a userid does not tell two apart.",
        60005 or 60006 => "Move the members and departments out of the department first.",
        60020 => "Add the server's public address to the app's trusted IPs; it takes about a minute. An address of a service provider is refused.",
        301002 => "The agent id belongs to another app than the secret.",
        43012 => "Cards that can be clicked need a callback address: configure one for the app.",
        50001 => "The redirect address is not under the app's trusted domain, port included.",
        301055 or 301056 => "Add the app to the list of apps that may call the approval interface.",
        45009 => "Called too fast: wait a minute; if it stays, an hour. Spread the calls, and avoid full and half hours.",
        60111 or 40031 => "There is no such member; ids are those of the admin console, not names.",
        60011 or 81013 => "The recipients are not in the app's visible range, or do not exist.",
        40007 => "The media id is wrong or older than three days: upload the file again.",
        93000 => "The robot was removed or its address is wrong: copy the webhook address anew.",
        60140 => "The response code was used, is older than 72 hours, or wrong. Each is good for one update.",
        42015 => "The card was sent by another app.",
        42052 => "A message can be recalled for 24 hours.",
        40029 or 42003 or 42022 => "The sign-in code is used, expired or wrong; it lives 5 minutes. Start the sign-in again.",
        84014 => "The user ticket has expired; it lives 30 minutes. Start the sign-in again.",
        95001 => "Five messages were sent since the customer's last one; more go when the customer writes again.",
        95002 => "The customer's last message is older than 48 hours; messages go when the customer writes again.",
        95013 => "The conversation has ended.",
        95018 => "The conversation is with a human servicer, in the queue, or ended: the API sends only in the states 0 and 1.",
        846605 => "The message is too old to be answered, or was never received on this connection: send actively instead.",
        846608 => "The answer took longer than six minutes: send actively instead.",
        _ => null,
    };

    private static FrozenDictionary<int, WeComCodeMeaning> Build(params (WeComCodeMeaning Meaning, int[] Codes)[] groups)
        => groups.SelectMany(g => g.Codes, (g, code) => KeyValuePair.Create(code, g.Meaning)).ToFrozenDictionary();
}
