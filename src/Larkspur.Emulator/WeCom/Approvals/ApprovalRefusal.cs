using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>What the approval interface refuses.</summary>
internal static class ApprovalRefusal
{
    /// <summary>A parameter or a value of the form is wrong.</summary>
    public static WeComRefusal Param(string what) => new(301025, "get approval param error: " + what);

    /// <summary>The secret is not that of an application that may call the approval interface.</summary>
    public static WeComRefusal Forbidden(string what) => new(301055, "approval app has no auth: " + what);
}
