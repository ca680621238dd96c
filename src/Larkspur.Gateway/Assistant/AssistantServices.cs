using Larkspur.Gateway.Authorizations.Resuming;
using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Commands;
using Larkspur.Gateway.Assistant.Documents;
using Larkspur.Gateway.Assistant.Feedback;
using Larkspur.Gateway.Assistant.Linking;
using Larkspur.Gateway.Assistant.Pictures;
using Larkspur.Gateway.Assistant.Quotes;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Streams;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Assistant;

internal static class AssistantServices
{
    public static void AddAssistant(this IServiceCollection services, SettingsReader settings)
    {
        var before = settings.Problems.Count;
        var options = settings.Read<AssistantOptions>(o => AddDify(o, settings.Configuration));
        if (settings.Problems.Count == before) settings.Problems.AddRange(ProblemsOfRoutes(options));
        services.AddSingleton(options);
        services.AddSingleton(_ => new AssistantRoutes(options));
        services.AddSingleton<AssistantBackends>();
        services.AddSingleton<AssistantMetrics>();
        services.AddSingleton<RunningTurns>();
        services.AddSingleton<TurnStore>();
        services.AddRetention("turns", o => o.Keep, TurnStore.PruneAsync);
        // One that may still go on is not forgotten before.
        services.AddRetention("conversations", o => o.KeepAtLeast(options.ConversationLifetime), TurnStore.PruneConversationsAsync);
        services.AddSingleton<WaitingFiles>();
        services.AddRetention("waiting files", _ => options.FileWait, WaitingFiles.PruneAsync);
        services.AddSingleton<IStreamWork, TurnTable>();
        services.AddSingleton<ConversationStore>();
        // Before the web chat: whose a question was says whose its answer is there.
        services.AddSingleton<IPersonMerged, PersonConversations>();
        services.AddSingleton<ILinkMessages, LinkMessages>();
        services.AddSingleton<LinkActions>();
        services.AddSingleton<QuestionMaker>();
        services.AddSingleton<Suggestions>();
        services.AddSingleton<QuestionFiles>();
        services.AddSingleton<BackendInvoker>();
        services.AddSingleton<PictureDownload>();
        services.AddSingleton<MadePictures>();
        services.AddOutboxOperation(AnswerPicture.Operation);
        services.AddSingleton<TurnCompleter>();
        services.AddSingleton<TurnProcessor>();
        services.AddSingleton<TurnWorker>();
        services.AddSingleton<VerdictSender>();
        services.AddSingleton<AnswerSaver>();
        services.AddSingleton<QuotedMessages>();
        services.AddSingleton<IQuestionContext, QuotedText>();
        // Late: what asks a question anew is made of what answers one.
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OwnDocuments>(provider,
            new Lazy<QuestionIntake>(provider.GetRequiredService<QuestionIntake>)));
        services.AddSingleton<IAuthorizationResume>(provider => provider.GetRequiredService<OwnDocuments>());
        services.AddSingleton<IQuestionContext, LinkedDocuments>();
        services.AddSingleton<QuestionAuthorizer>();
        services.AddSingleton<RepeatedQuestions>();
        services.AddSingleton<QuestionIntake>();
        services.AddSingleton<AnswerActions>();
        services.AddSingleton<LinkCommand>();
        services.AddSingleton<ICommandSource, AssistantCommands>();
        // A host may have an assistant of its own.
        services.TryAddSingleton<IAssistant, AssistantService>();
        services.AddSingleton<IQuestions, AssistantQuestions>();
        services.AddHostedService<TurnMaintenance>();
        services.AddHostedService(provider => provider.GetRequiredService<TurnWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<VerdictSender>());
        services.AddHostedService(provider => provider.GetRequiredService<AnswerSaver>());
    }

    /// <summary>What is found only where the routes are made of good options: masks.</summary>
    private static IReadOnlyList<string> ProblemsOfRoutes(AssistantOptions options)
    {
        try
        {
            _ = new AssistantRoutes(options);
            return [];
        }
        catch (SettingsException e)
        {
            return e.Problems;
        }
    }

    /// <summary>The backend of the environment's variables. It comes first: it replaces a configured one of the same name.</summary>
    private static void AddDify(AssistantOptions options, IConfiguration configuration)
    {
        if (configuration["DIFY_API_KEY"] is not { Length: > 0 } key) return;
        var address = configuration["DIFY_BASE_URL"] is { Length: > 0 } url ? url.Trim() : "https://api.dify.ai/v1";
        var configured = options.Backends.GetValueOrDefault(AssistantOptions.DefaultBackend);
        options.Backends[AssistantOptions.DefaultBackend] = new BackendOptions
        {
            BaseUrl = address, ApiKey = key.Trim(), FilesUrl = configured?.FilesUrl, Fallback = configured?.Fallback,
            Inputs = configured?.Inputs ?? [], Silence = configured?.Silence ?? TimeSpan.FromSeconds(60),
        };
    }
}
