namespace Larkspur.Gateway.Console.Pages;

/// <summary>What the pages ask of the gateway; each page's queries on a line of their own.</summary>
internal static class PageServices
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddSingleton<Overview.OverviewQuery>();
        services.AddSingleton<Overview.OverviewSeriesQuery>();
        services.AddSingleton<Overview.OverviewFailures>();
        services.AddSingleton<Overview.OverviewDuties>();
        services.AddSingleton<Connections.ConnectionsQuery>();
        services.AddSingleton<Deliveries.DeliveryPageService>();
        services.AddSingleton<Notifications.NotificationPageService>();
        services.AddSingleton<NotificationTypes.NotificationTypePageService>();
        services.AddSingleton<Payments.PaymentPageService>();
        services.AddSingleton<Approvals.ApprovalsPageService>();
        services.AddSingleton<Approvals.ApprovalPageService>();
        services.AddSingleton<Approvals.ApprovalPeople>();
        services.AddSingleton<CheckUps.CheckUpPageService>();
        services.AddSingleton<Quota.QuotaPageService>();
        services.AddSingleton<Schedules.SchedulePageService>();
        services.AddSingleton<Commands.CommandPageService>();
        services.AddSingleton<WebChat.WebChatPageService>();
        services.AddSingleton<Robots.RobotPageService>();
        services.AddSingleton<ScimTargets.TargetPageService>();
        services.AddSingleton<Syncs.SyncPageService>();
        services.AddSingleton<Syncs.SyncRowsService>();
        services.AddSingleton<Syncs.ConnectionPageService>();
        services.AddSingleton<Syncs.SetupPageService>();
        services.AddSingleton<Webhooks.WebhookPageService>();
        services.AddSingleton<Webhooks.WebhookDeliveryPageService>();
        services.AddSingleton<Keys.KeyPageService>();
        services.AddSingleton<SignIn.ClientPageService>();
        services.AddSingleton<SignIn.ProviderPageService>();
        services.AddSingleton<Authorizations.AuthorizationPageService>();
        services.AddSingleton<Assistant.AssistantPageService>();
        services.AddSingleton<Messages.MessagesPageService>();
        services.AddSingleton<Templates.TemplatePageService>();
        services.AddSingleton<People.PeoplePageService>();
        services.AddSingleton<Directory.DirectoryPageService>();
        services.AddSingleton<Directory.DirectoryChangePageService>();
        services.AddSingleton<Permissions.PermissionPageService>();
        services.AddSingleton<Welcome.WizardProgress>();
        services.AddSingleton<Welcome.FirstCard>();
        services.AddSingleton<Welcome.AppConnector>();
    }
}
