namespace Larkspur.Gateway.Console.Pages;

/// <summary>What the pages ask of the gateway; each page's queries on a line of their own.</summary>
internal static class PageServices
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddSingleton<Overview.OverviewQuery>();
        services.AddSingleton<Connections.ConnectionsQuery>();
        services.AddSingleton<Deliveries.DeliveryDesk>();
        services.AddSingleton<Notifications.NotificationDesk>();
        services.AddSingleton<NotificationTypes.TypeDesk>();
        services.AddSingleton<Payments.PaymentDesk>();
        services.AddSingleton<CheckUps.CheckUpDesk>();
        services.AddSingleton<Webhooks.WebhookDesk>();
        services.AddSingleton<Keys.KeyDesk>();
        services.AddSingleton<Welcome.WizardProgress>();
        services.AddSingleton<Welcome.FirstCard>();
    }
}
