"""The bot's own small web server: health, and the place where Telegram delivers.

The only room that knows starlette and uvicorn. It knows nothing of Telegram: what comes in is handed on.
"""
