using System.Text.Json;

namespace Larkspur.Dify;

/// <summary>Forms that a run of a Chatflow or workflow waits for.</summary>
public sealed class DifyForms
{
    private readonly DifyPipeline _pipeline;

    internal DifyForms(DifyPipeline pipeline) => _pipeline = pipeline;

    /// <summary>Reads a form.</summary>
    /// <exception cref="DifyException"><c>not_found</c>, <c>human_input_form_submitted</c>, <c>human_input_form_expired</c>.</exception>
    public async Task<DifyForm> GetAsync(string formToken, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(formToken);
        var request = new DifyRequest(HttpMethod.Get, Path(formToken)) { Name = "form/human_input/{token}" };
        JsonElement form = await _pipeline.SendAsync<JsonElement>(request, cancellationToken);
        try
        {
            return DifyEventReader.Form(form) with { Token = formToken };
        }
        catch (InvalidOperationException exception)
        {
            throw DifyErrorReader.NotPromised(request, 200, "no form", exception);
        }
    }

    /// <summary>Submits a form; then the run goes on: read it with <see cref="DifyChat.ResumeAsync"/>.</summary>
    /// <param name="formToken">From <see cref="DifyForm.Token"/>.</param>
    /// <param name="action">The id of the chosen button.</param>
    /// <param name="inputs">Fields by name.</param>
    /// <param name="user">Who asked.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DifyException"><c>invalid_form_data</c>, <c>not_found</c>, <c>human_input_form_submitted</c>, <c>human_input_form_expired</c>.</exception>
    public Task SubmitAsync(string formToken, string action, IReadOnlyDictionary<string, string> inputs, string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(formToken);
        ArgumentException.ThrowIfNullOrWhiteSpace(action);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return _pipeline.SendAsync<JsonElement>(new DifyRequest(HttpMethod.Post, Path(formToken)) { Name = "form/human_input/{token}", Body = new { Inputs = inputs, Action = action, User = user } }, cancellationToken);
    }

    private static string Path(string formToken) => $"form/human_input/{Uri.EscapeDataString(formToken)}";
}
