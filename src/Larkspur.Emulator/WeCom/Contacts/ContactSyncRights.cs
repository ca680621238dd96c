using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>What only the secret of the address-book sync may do.</summary>
internal static class ContactSyncRights
{
    /// <exception cref="WeComRefusal">48002: the token is an application's.</exception>
    public static void Only(WeComCall call)
    {
        if (call.Owner?.AgentId is not null) throw new WeComRefusal(48002, "api forbidden: only with the secret of the address book");
    }
}
