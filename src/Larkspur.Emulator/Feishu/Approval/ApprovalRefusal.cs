namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>A step that cannot be taken. Thrown by the rules, told by the API as <see cref="Code"/>, by the client as a sentence.</summary>
/// <param name="code">The platform's error code.</param>
internal sealed class ApprovalRefusal(long code, string en, string zh) : Exception(en)
{
    public const long BadParameter = 1390001;
    public const long NoDefinition = 1390002;
    public const long NoInstance = 1390003;
    public const long NoPerson = 1390004;
    public const long NotAllowed = 1390009;
    public const long NoTask = 1390010;
    public const long NotActive = 1390015;
    public const long Deleted = 1390016;
    public const long UuidTaken = 60012;

    public long Code { get; } = code;

    public LocalizedText Text { get; } = new(en, zh);

    public static ApprovalRefusal Bad(string en, string zh) => new(BadParameter, en, zh);

    public static ApprovalRefusal Person(string id) => new(NoPerson, $"user_id or open_id not found: {id}", $"没有这个人：{id}");
}
