using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Dify.ApiPipeline;

namespace Larkspur.Emulator.Dify;

/// <summary>Dify on loopback, at <c>/v1</c>: scripted apps behind the service API; at <c>/files</c> the pictures that they make.</summary>
/// <remarks>People use it only through other platforms, and it pushes nothing.</remarks>
internal sealed class DifyPlatform(DifyApi api, DifyPictures pictures, DifyApiPipeline pipeline) : IEmulatedPlatform
{
    public const string PlatformName = "dify";

    public string Name => PlatformName;

    public void Map(WebApplication app)
    {
        var v1 = app.MapGroup("/v1");
        On("GET", "/info", api.InfoAsync);
        On("GET", "/parameters", api.ParametersAsync);
        On("POST", "/chat-messages", api.AskAsync);
        On("POST", "/chat-messages/{task}/stop", http => api.StopAsync(http, Of(http, "task")));
        On("POST", "/messages/{id}/feedbacks", http => api.RateAsync(http, Of(http, "id")));
        On("GET", "/messages/{id}/suggested", http => api.SuggestAsync(http, Of(http, "id")));
        On("GET", "/messages", api.MessagesAsync);
        On("GET", "/conversations", api.ConversationsAsync);
        On("POST", "/conversations/{id}/name", http => api.RenameAsync(http, Of(http, "id")));
        On("DELETE", "/conversations/{id}", http => api.DeleteAsync(http, Of(http, "id")));
        On("POST", "/files/upload", api.UploadAsync);
        On("GET", "/form/human_input/{token}", http => api.FormAsync(http, Of(http, "token")));
        On("POST", "/form/human_input/{token}", http => api.SubmitAsync(http, Of(http, "token")));
        On("GET", "/workflow/{run}/events", http => api.ResumeAsync(http, Of(http, "run")));

        app.MapMethods(DifyPictures.Path, ["GET"], pipeline.HandleAsync).WithMetadata(new DifyHandler(pictures.GiveAsync));

        void On(string method, string path, Func<HttpContext, Task> run) =>
            v1.MapMethods(path, [method], pipeline.HandleAsync).WithMetadata(new DifyHandler(run));
    }

    public void WriteState(JsonObject view)
    {
    }

    public Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken) =>
        throw new ControlRefusal("People do nothing on dify itself; they ask on another platform.");

    public Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken) =>
        throw PlatformCommands.NotPushed(Name, input.Text("transport") ?? PushAttempt.Webhook);

    private static string Of(HttpContext http, string name) => http.Request.RouteValues[name]?.ToString() ?? "";
}
