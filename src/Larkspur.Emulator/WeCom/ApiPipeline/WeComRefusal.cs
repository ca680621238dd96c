namespace Larkspur.Emulator.WeCom.ApiPipeline;

/// <summary>A call that WeCom refuses. Its HTTP status is 200 all the same; <c>errcode</c> tells.</summary>
internal sealed class WeComRefusal(long code, string message, int status = StatusCodes.Status200OK) : Exception(message)
{
    /// <summary>The emulator plays this path not at all: no code of the platform says that, so HTTP does.</summary>
    public static WeComRefusal NotEmulated(string path) => new(-1, $"not emulated: {path}; see docs/emulator-wecom.md", StatusCodes.Status501NotImplemented);

    public static WeComRefusal Parameter(string what) => new(40058, "invalid Request Parameter: " + what);

    public static WeComRefusal TooFast(string what = "api freq out of limit") => new(45009, what);

    public long Code { get; } = code;

    public int Status { get; } = status;
}
