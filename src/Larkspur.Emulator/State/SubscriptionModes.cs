namespace Larkspur.Emulator.State;

/// <summary><see cref="SubscriptionMode"/> as settings and control spell it.</summary>
internal static class SubscriptionModes
{
    public static SubscriptionMode? Parse(string text) => text switch
    {
        "auto" => SubscriptionMode.Automatic,
        "webhook" => SubscriptionMode.Webhook,
        "long_connection" or "ws" => SubscriptionMode.LongConnection,
        _ => null,
    };

    public static string Text(SubscriptionMode mode) => mode switch
    {
        SubscriptionMode.Webhook => "webhook",
        SubscriptionMode.LongConnection => "long_connection",
        _ => "auto",
    };
}
