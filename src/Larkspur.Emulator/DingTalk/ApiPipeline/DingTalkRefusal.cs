namespace Larkspur.Emulator.DingTalk.ApiPipeline;

/// <summary>A call that DingTalk refuses. Its API's generation says which shape the refusal takes: <c>code</c> with an HTTP status, or <c>errcode</c> in a 200.</summary>
internal sealed class DingTalkRefusal(int status, string code, long errCode, string message) : Exception(message)
{
    /// <summary>The emulator's own code, outside every range of the platform.</summary>
    public const long NotEmulatedCode = 599_000_501;

    public int Status { get; } = status;

    public string Code { get; } = code;

    public long ErrCode { get; } = errCode;

    /// <summary>Of the old generation: the code behind 88.</summary>
    public string? SubCode { get; init; }

    public IReadOnlyList<string> RequiredScopes { get; init; } = [];

    /// <summary>Kept even in the old generation, which answers refusals of its own with 200.</summary>
    public bool KeepStatus { get; init; }

    /// <summary>Of the new generation.</summary>
    public static DingTalkRefusal New(string code, string? message = null, int status = 400) => new(status, code, -1, message ?? code);

    /// <summary>Of the old generation.</summary>
    public static DingTalkRefusal Old(long errCode, string message, string? subCode = null) => new(400, "invalidParameter", errCode, message) { SubCode = subCode };

    /// <summary>A member that is missing or of the wrong type. (The new generation's code is each API's own; this one is UNVERIFIED.)</summary>
    public static DingTalkRefusal Parameter(string name, string what) => new(400, "invalidParameter", 40035, $"不合法的参数: {name} {what}");

    public static DingTalkRefusal NotEmulated(string what) =>
        new(501, "NotEmulated", NotEmulatedCode, $"not emulated: {what}; see docs/emulator-dingtalk.md") { KeepStatus = true };
}
