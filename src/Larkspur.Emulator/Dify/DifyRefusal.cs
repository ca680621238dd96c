namespace Larkspur.Emulator.Dify;

/// <summary>Dify's error envelope. Source: the guide "errors".</summary>
internal sealed class DifyRefusal(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static DifyRefusal Invalid(string message) => new(400, "invalid_param", message);

    public static DifyRefusal NotFound(string message) => new(404, "not_found", message);

    public async Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        if (Status == 401) http.Response.Headers.WWWAuthenticate = "Bearer realm=\"api\"";
        await http.Response.WriteAsJsonAsync(new { code = Code, message = Message, status = Status });
    }
}
