using Larkspur.Gateway.Common;
using Larkspur.Gateway.Documents.Links;
using Larkspur.Gateway.Documents.Reading;
using Larkspur.Gateway.Documents.Rights;
using Larkspur.Gateway.Documents.Saving;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Documents;

/// <summary>Feishu's documents.</summary>
internal static class DocumentServices
{
    public static void AddDocuments(this IServiceCollection services, SettingsReader settings)
    {
        var options = settings.Read<DocumentOptions>();
        services.AddSingleton(options);
        services.AddSingleton<DocumentLinks>();
        services.AddSingleton<Colleagues>();
        services.AddSingleton<Groups>();
        services.AddSingleton<Spaces>();
        services.AddSingleton<ReadingRight>();
        services.AddSingleton<DocumentText>();
        services.AddSingleton<ReadCache>();
        services.AddSingleton<DocumentReadings>();
        services.AddSingleton<OwnReadings>();
        services.AddSingleton<SavedStore>();
        services.AddSingleton<DocumentSaver>();
        services.AddSingleton<IDocuments, FeishuDocuments>();
        services.AddRetention("keys of saved documents", o => o.KeepRecords, SavedStore.PruneAsync);
    }
}
