using System.Collections.Frozen;

namespace Larkspur.DingTalk;

/// <summary>What the SDK knows about an error code.</summary>
/// <param name="Kind">What it means for the caller.</param>
/// <param name="NothingHappened">Refused before it had an effect: repeating it is safe even for a write.</param>
/// <param name="Pause">How long the platform wants to be left alone; null: not said.</param>
internal readonly record struct CodeMeaning(FailureKind Kind, bool NothingHappened = false, TimeSpan? Pause = null);

/// <summary>The one table of error codes, old numbers and new words. What is not in it is judged by HTTP status.</summary>
/// <remarks>Sources: the platform's pages on error codes and limits (02/0012, 02/1431–1434), robots (02/0702, 0714, 0717), cards (02/0783, 0785), approvals (02/0491–0519).</remarks>
internal static class DingTalkErrorCodes
{
    /// <summary>A group robot that was too fast is silent for so long.</summary>
    public static readonly TimeSpan RobotSilence = TimeSpan.FromMinutes(10);

    /// <summary>An address that was too fast is shut out for so long.</summary>
    public static readonly TimeSpan AddressBan = TimeSpan.FromMinutes(5);

    /// <summary>The platform is busy; it asks for three tries at most.</summary>
    public const string Busy = "-1";

    private static readonly CodeMeaning TooFast = new(FailureKind.RateLimited, NothingHappened: true);
    private static readonly CodeMeaning Refused = new(FailureKind.Invalid, NothingHappened: true);
    private static readonly CodeMeaning Forbidden = new(FailureKind.Permission, NothingHappened: true);
    private static readonly CodeMeaning Gone = new(FailureKind.NotFound, NothingHappened: true);
    private static readonly CodeMeaning BadToken = new(FailureKind.Authentication, NothingHappened: true);

    private static readonly FrozenDictionary<string, CodeMeaning> Meanings = Build(
        (TooFast, ["90018", "90002", "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "Forbidden.AccessDenied.QpsLimitForApi", "send.too.fast", "send.byToken.tooFast"]),
        // The window is a minute, so after a minute it is empty.
        (TooFast with { Pause = TimeSpan.FromMinutes(1) }, ["Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"]),
        // 130101 is in old articles only; the same class.
        (TooFast with { Pause = RobotSilence }, ["410100", "130101"]),
        (new(FailureKind.Quota, NothingHappened: true), ["90020", "Forbidden.AccessDenied.ApiCountLimitForOrg"]),
        (new(FailureKind.Transient), [Busy, "15", "88", "server.error", "systemBusy", "systemError", "system.error", "internalError"]),
        // Two calls for one approval of another system at the same moment.
        (new(FailureKind.Conflict, NothingHappened: true), ["integrated.concurrency.error"]),
        (BadToken,
        [
            "40014", "42001", "40001", "33012", "InvalidAuthentication", // a token
            "invalidClientIdOrSecret", "invalid.client", "unauthorized.client", // the app
            "40078", "400101", // a sign-in code that is used or too old; no token in a group robot's address
            "invalidParameter.authCode.notFound", "invalidParameter.refreshToken.notFound", // the same of the login page
        ]),
        (Forbidden,
        [
            "60011", "60020", "50002", "50004", // scope, IP list, person or department out of the app's range
            "Forbidden.AccessDenied.AccessTokenPermissionDenied", "Forbidden.AccessDenied.IpNotInWhiteList",
            "invalidParameter.robotCode.auth", "chatbotId.notAllow.sendOTO", "conversation.org.notMatch",
            "400102", // the group robot is stopped
            "noPermission", "needAuth", "permission.error", "integrated.permission.error", "setup.no.permission", // of a template or an approval
        ]),
        (Gone,
        [
            "60003", "60121", "400106", "400013", // department, person, group robot, group
            "formNotExist", "processcode.error", "processNotExist", "process.error", "processInstNotExist", "process.inst.notExist", "aflowProcessInstNotExist", "userNotExist", // templates, approvals, their people
            "invalidParameter.user.notFound", "group.disbanded", "resource.not.found", "robot.oto.notExist", "invalidParameter.robotCode.notExsit", "param.userIdNotExist",
        ]),
        (Refused,
        [
            "400002", "40035", "40056", "41052", "43008", "43004", "400105", "430101", "430102", "430103", "430104", "310000",
            "unsupported.grant.type", "too.many.people", "msgParam.tooLong",
        ]));

    /// <summary>Codes with which an API refuses the token it was called with.</summary>
    public static bool IsTokenRefused(string code) => code is "40014" or "42001" or "40001" or "33012" or "InvalidAuthentication";

    /// <summary>What a code means, or null when the table does not know it.</summary>
    public static CodeMeaning? Find(string code)
    {
        if (Meanings.TryGetValue(code, out CodeMeaning meaning)) return meaning;
        // What the old gateway says of its own backs, time-outs above all.
        if (code.StartsWith("isp.", StringComparison.Ordinal)) return new(FailureKind.Transient);
        // Families: param.empty, param.dynamic…, invalidParameter.userIds.…; all of them refuse what was asked for.
        return code.StartsWith("param.", StringComparison.Ordinal) || code.StartsWith("invalidParameter.", StringComparison.Ordinal) ? Refused : null;
    }

    private static FrozenDictionary<string, CodeMeaning> Build(params (CodeMeaning Meaning, string[] Codes)[] groups)
        => groups.SelectMany(g => g.Codes.Select(c => KeyValuePair.Create(c, g.Meaning))).ToFrozenDictionary(StringComparer.Ordinal);
}
