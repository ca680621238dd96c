namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Where calls are found over REST.</summary>
internal static class CommandPaths
{
    /// <summary>Where answers are posted to, below the gateway's own address.</summary>
    public static string Answers(StoredCall call) => $"/api/v1/commands/{Uri.EscapeDataString(call.Command)}/calls/{call.Id}/answers";
}
