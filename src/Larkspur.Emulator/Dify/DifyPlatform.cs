using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Dify;

/// <summary>Dify on loopback, at <c>/v1</c>: scripted apps behind the service API.</summary>
public static class DifyPlatform
{
    public static void AddDify(this IServiceCollection services)
    {
        services.AddSingleton<DifyConversations>();
        services.AddSingleton<DifyRuns>();
        services.AddSingleton(s => new DifyApi(s.GetRequiredService<EmulatorSettings>().DifyApps, s.GetRequiredService<DifyConversations>(), s.GetRequiredService<DifyRuns>(), s.GetRequiredService<VirtualClock>()));
    }

    public static void MapDify(this IEndpointRouteBuilder endpoints)
    {
        var v1 = endpoints.MapGroup("/v1").AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (DifyRefusal refusal)
            {
                await refusal.WriteAsync(context.HttpContext);
                return Results.Empty;
            }
            catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
            {
                return Results.Empty; // the client has left
            }
        });
        v1.MapGet("/info", (HttpContext http, DifyApi api) => api.InfoAsync(http));
        v1.MapGet("/parameters", (HttpContext http, DifyApi api) => api.ParametersAsync(http));
        v1.MapPost("/chat-messages", (HttpContext http, DifyApi api) => api.AskAsync(http));
        v1.MapPost("/chat-messages/{task}/stop", (HttpContext http, DifyApi api, string task) => api.StopAsync(http, task));
        v1.MapPost("/messages/{id}/feedbacks", (HttpContext http, DifyApi api, string id) => api.RateAsync(http, id));
        v1.MapGet("/messages/{id}/suggested", (HttpContext http, DifyApi api, string id) => api.SuggestAsync(http, id));
        v1.MapGet("/messages", (HttpContext http, DifyApi api) => api.MessagesAsync(http));
        v1.MapGet("/conversations", (HttpContext http, DifyApi api) => api.ConversationsAsync(http));
        v1.MapPost("/conversations/{id}/name", (HttpContext http, DifyApi api, string id) => api.RenameAsync(http, id));
        v1.MapDelete("/conversations/{id}", (HttpContext http, DifyApi api, string id) => api.DeleteAsync(http, id));
        v1.MapPost("/files/upload", (HttpContext http, DifyApi api) => api.UploadAsync(http)).DisableAntiforgery();
        v1.MapGet("/form/human_input/{token}", (HttpContext http, DifyApi api, string token) => api.FormAsync(http, token));
        v1.MapPost("/form/human_input/{token}", (HttpContext http, DifyApi api, string token) => api.SubmitAsync(http, token));
        v1.MapGet("/workflow/{run}/events", (HttpContext http, DifyApi api, string run) => api.ResumeAsync(http, run));
    }
}
