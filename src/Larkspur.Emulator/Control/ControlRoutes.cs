using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Control;

/// <summary>The paths under <c>/_emulator/</c>: each takes a JSON object and answers one, or says in a sentence why not.</summary>
internal sealed class ControlRoutes(RouteGroupBuilder group)
{
    public static string Value(HttpContext http, string name) => http.Request.RouteValues[name]?.ToString() ?? "";

    public void Get(string path, Func<ControlInput, HttpContext, JsonObject> run) => group.MapGet(path, Answer(run));

    public void Get(string path, Func<ControlInput, HttpContext, Task<JsonObject>> run) => group.MapGet(path, Answer(run));

    public void Post(string path, Func<ControlInput, HttpContext, JsonObject> run) => group.MapPost(path, Answer(run));

    public void Post(string path, Func<ControlInput, HttpContext, Task<JsonObject>> run) => group.MapPost(path, Answer(run));

    public void Put(string path, Func<ControlInput, HttpContext, Task<JsonObject>> run) => group.MapPut(path, Answer(run));

    public void Patch(string path, Func<ControlInput, HttpContext, JsonObject> run) => group.MapPatch(path, Answer(run));

    public void Delete(string path, Func<HttpContext, JsonObject> run) => group.MapDelete(path, Answer((_, http) => run(http)));

    /// <summary>Whatever no other path took.</summary>
    public void Rest(Func<ControlInput, HttpContext, JsonObject> run) => group.Map("/{**rest}", Answer(run));

    private static RequestDelegate Answer(Func<ControlInput, HttpContext, JsonObject> run) =>
        Answer((input, http) => Task.FromResult(run(input, http)));

    private static RequestDelegate Answer(Func<ControlInput, HttpContext, Task<JsonObject>> run) => async http =>
    {
        JsonObject answer;
        try
        {
            var hasBody = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsDelete(http.Request.Method);
            answer = await run(hasBody ? await ControlInput.ReadAsync(http.Request) : new ControlInput([]), http);
        }
        catch (ControlRefusal refusal)
        {
            http.Response.StatusCode = refusal.Status;
            answer = new JsonObject { ["error"] = refusal.Message };
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(CanonicalJson.Write(answer), http.RequestAborted);
    };
}
