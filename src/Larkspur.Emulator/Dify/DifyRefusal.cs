namespace Larkspur.Emulator.Dify;

/// <summary>Dify's error envelope. Source: the guide "errors".</summary>
internal sealed class DifyRefusal(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static DifyRefusal Invalid(string message) => new(400, "invalid_param", message);

    public static DifyRefusal NotFound(string message) => new(404, "not_found", message);
}
